"""Words that several checklists share: ISO codes, labels in three languages, the vocabulary of FOCUS, what each mart promises."""
