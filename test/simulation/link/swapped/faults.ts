import type { Faults } from '#application/ports/runtime.ts';
import { underneath } from '../current.ts';

export const faultPoints = (): Faults => ({ at: (point, id) => underneath().faultPoint(point, id) });
