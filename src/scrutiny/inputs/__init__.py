"""What a report is made from, `params/` and `data/`: validated, questioned and protected."""
