"""Choice of a hotel or a restaurant: items as data, marks, and what the order rests on. Pure."""
