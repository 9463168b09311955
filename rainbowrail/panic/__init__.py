"""The panic plan: one act that closes what leaves, ends sessions and covers places; undone by two people (decision 0029).

begin           ->  in_force: exports frozen, sessions ended, places covered, leads told
confirm_hosts   ->  hosts_ours: a second person vouches for the hosts; only now keys turn
ask_end         ->  end_asked -> keep -> hosts_ours, or end, by a second person -> ended
"""
