"""The ground floor: what the agents, the hub and the custodian say to each other."""
