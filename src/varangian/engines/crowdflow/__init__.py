"""Crowds at a venue: the plan and its faults, capacities by standard, queues, and how people move.

venue       our GeoJSON profile, its reader and the checks that find real faults
standards   capacities, flows and staff, each figure with its source
queues      arrivals, lanes, waiting
flow        the cell model of a whole venue, always answered as a band
principal   the way out, a rope line
cover       posts that watch the principal's places, and time in view
live        occupancy from counters that miss people, and what comes next
"""
