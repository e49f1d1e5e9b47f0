/** A number from 0 up to, but not, 1: the simulator's seeded source. */
export type Random = () => number;
