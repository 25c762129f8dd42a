"""A check that cannot fail proves nothing: each fault turns exactly the right claims red.

Every claim that must fail is awaited as failed, those beside it must still pass, and once the
fault is healed all of them pass again.
"""
