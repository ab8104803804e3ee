"""Business figures in sentences, in Spanish, Portuguese and English. Knows nothing of where the figures come from."""
