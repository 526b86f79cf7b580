"""What supports a model: arguments by the words of a person, sentences by results of tools."""
