"""M/M/1 in SimPy: `mm1_simpy.py CUSTOMERS SEED`."""

import random
import sys
import time

import simpy

RATE = 0.9


class Queue:
    def __init__(self, env, customers, seed):
        self.env, self.customers = env, customers
        self.random = random.Random(seed)
        self.server = simpy.Resource(env)
        self.number = self.served = 0
        self.sum = self.area = self.last = 0.0

    def note(self, change):
        self.area += self.number * (self.env.now - self.last)
        self.last = self.env.now
        self.number += change

    def arrivals(self):
        for _ in range(self.customers):
            yield self.env.timeout(self.random.expovariate(RATE))
            self.env.process(self.customer())

    def customer(self):
        arrived = self.env.now
        self.note(1)
        with self.server.request() as turn:
            yield turn
            yield self.env.timeout(self.random.expovariate(1.0))
        self.note(-1)
        self.sum += self.env.now - arrived
        self.served += 1


def main():
    customers, seed = int(sys.argv[1]), int(sys.argv[2])
    start = time.process_time()
    env = simpy.Environment()
    queue = Queue(env, customers, seed)
    env.process(queue.arrivals())
    env.run()
    seconds = time.process_time() - start
    print(queue.served, seconds, queue.sum / queue.served, queue.area / queue.last)


main()
