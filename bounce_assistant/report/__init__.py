"""bytes -> report: what a notice says, unjudged. Pure: no file, socket, clock or thread."""
