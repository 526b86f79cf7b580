"""What people type: sentences for the gate and the proposer, and the weights made of them."""
