"""What people say of tracks: corrections and feedback."""
