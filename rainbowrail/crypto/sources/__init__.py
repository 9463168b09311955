"""Where keys come from: a folder of files; later, an outside service that wraps the store key."""
