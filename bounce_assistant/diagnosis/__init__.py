"""report -> diagnosis: the technical verdict and what the user is told. Pure."""
