"""Papers: tables and documents that come in from the school's PCs and go out to them."""
