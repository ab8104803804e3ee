"""What a person reads in the terminal: the summary of a close, the state of a home, the way of one charge."""
