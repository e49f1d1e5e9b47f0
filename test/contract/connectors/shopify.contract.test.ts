import { conformance } from './kit.ts';
import { shopify } from './kits/shopify.ts';

conformance('shopify', shopify);
