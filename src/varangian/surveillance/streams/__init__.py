"""The stream of one camera, read in a child process that holds no key and no database."""
