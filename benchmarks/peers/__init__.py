"""What our figures are held against: the ways in which such programs are usually written."""
