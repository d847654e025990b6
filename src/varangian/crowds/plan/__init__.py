"""The crowd management plan: what it says, what fills it first, what it still lacks, its papers."""
