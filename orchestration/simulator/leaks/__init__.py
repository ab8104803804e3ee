"""placeholder"""
def plan(*a, **k): return None
def seed(*a): return []
def seed_month(*a): return []
def owner_of(who, stories): return "comercial"
def after(*a): return None
