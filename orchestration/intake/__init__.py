"""From the inbox to the lake: what lies there, what it says of itself, what was kept and what was refused."""
