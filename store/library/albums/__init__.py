"""Albums: which tracks belong to one, how the albums of a library are kept, and their editions."""
