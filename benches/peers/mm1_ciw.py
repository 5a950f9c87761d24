"""M/M/1 in Ciw: `mm1_ciw.py CUSTOMERS SEED`. Its records give the sojourns, and their sum over the time is the mean number."""

import sys
import time

import ciw

RATE = 0.9


def main():
    customers, seed = int(sys.argv[1]), int(sys.argv[2])
    start = time.process_time()
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE)],
        service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Finish")
    records = simulation.get_all_records()
    sojourns = [record.exit_date - record.arrival_date for record in records]
    total, end = sum(sojourns), max(record.exit_date for record in records)
    seconds = time.process_time() - start
    print(len(sojourns), seconds, total / len(sojourns), total / end)


main()
