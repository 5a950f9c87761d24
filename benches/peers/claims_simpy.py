"""The claims graph with an outage in SimPy: `claims_simpy.py SEED`. Hours."""

import math
import random
import sys
import time

import simpy

PHARMACIES, ON_A, STAFF, PER_HOUR, STAFF_HOURS = 200, 120, 2, 20.0, 4 / 60
SWITCH_SERVERS, SWITCH_UTILISATION = 8, 0.6
SHARES, PAYER_SERVERS, PAYER_UTILISATION = [0.34, 0.23, 0.22, 0.11, 0.10], 4, 0.5
DOWN, UP, END = 24.0, 36.0, 72.0


class Station:
    def __init__(self, env, servers, mean):
        self.env, self.rate = env, 1 / mean
        self.servers = simpy.Resource(env, servers)
        self.number = self.peak = 0
        self.area = self.last = 0.0

    def note(self, change):
        self.area += self.number * (self.env.now - self.last)
        self.last = self.env.now
        self.number += change
        self.peak = max(self.peak, self.number)


class Graph:
    def __init__(self, env, seed):
        self.env = env
        self.random = random.Random(seed)
        self.pharmacies = [Station(env, STAFF, STAFF_HOURS) for _ in range(PHARMACIES)]
        self.switches = [
            Station(env, SWITCH_SERVERS, SWITCH_UTILISATION * SWITCH_SERVERS / (sites * PER_HOUR))
            for sites in (ON_A, PHARMACIES - ON_A)
        ]
        self.payers = [
            Station(env, PAYER_SERVERS, PAYER_UTILISATION * PAYER_SERVERS / (share * PHARMACIES * PER_HOUR)) for share in SHARES
        ]
        self.delays = []
        self.up = None
        self.in_service_a = {}

    def arrivals(self, pharmacy):
        while True:
            gap = self.random.expovariate(PER_HOUR)
            if self.env.now + gap >= END:
                return
            yield self.env.timeout(gap)
            self.env.process(self.prescription(pharmacy))

    def prescription(self, pharmacy):
        arrived = self.env.now
        yield from self.visit(self.pharmacies[pharmacy])
        switch = self.switches[0 if pharmacy < ON_A else 1]
        yield from self.visit_a(switch) if pharmacy < ON_A else self.visit(switch)
        yield from self.visit(self.random.choices(self.payers, SHARES)[0])
        self.delays.append(self.env.now - arrived)

    def visit(self, station):
        station.note(1)
        with station.servers.request() as turn:
            yield turn
            yield self.env.timeout(self.random.expovariate(station.rate))
        station.note(-1)

    def visit_a(self, station):
        station.note(1)
        with station.servers.request() as turn:
            yield turn
            left = self.random.expovariate(station.rate)
            me = self.env.active_process
            while left > 0:
                if self.up:
                    yield self.up
                begun = self.env.now
                self.in_service_a[me] = None
                try:
                    yield self.env.timeout(left)
                    left = 0
                except simpy.Interrupt:
                    left -= self.env.now - begun
                self.in_service_a.pop(me, None)
        station.note(-1)

    def outage(self):
        yield self.env.timeout(DOWN)
        self.up = self.env.event()
        for process in list(self.in_service_a):
            process.interrupt()
        yield self.env.timeout(UP - DOWN)
        up, self.up = self.up, None
        up.succeed()


def main():
    start = time.process_time()
    env = simpy.Environment()
    graph = Graph(env, int(sys.argv[1]))
    env.process(graph.outage())
    for pharmacy in range(PHARMACIES):
        env.process(graph.arrivals(pharmacy))
    env.run()
    for station in graph.pharmacies + graph.switches + graph.payers:
        station.note(0)
    delays = sorted(graph.delays)
    quantile = lambda p: delays[math.ceil(p * len(delays)) - 1]
    seconds = time.process_time() - start
    print(len(delays), seconds, quantile(0.5), quantile(0.95), graph.switches[0].peak)


main()
