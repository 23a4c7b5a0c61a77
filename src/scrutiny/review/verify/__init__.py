"""`scrutiny verify`: a workspace computed anew from its own inputs, and compared with what is in it."""
