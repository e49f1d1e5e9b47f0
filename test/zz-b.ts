import { bundleEntry } from './support/handler-bundles.ts';
for (const e of ['functions/handlers/returns/on-return-event.ts']) console.log(e, (await bundleEntry(e)).bytes);
