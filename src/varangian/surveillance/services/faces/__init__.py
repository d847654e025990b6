"""The face watchlist: its legal record, who is looked for, and what is made of a match."""
