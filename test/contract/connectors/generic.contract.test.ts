import { conformance } from './kit.ts';
import { generic } from './kits/generic.ts';

conformance('generic', generic);
