"""What people decide about findings: workbooks that leave, and what comes back in them."""
