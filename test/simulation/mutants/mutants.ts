import { MUTANTS } from './catalogue.ts';

/** A guard of the shipped code taken out: one text of one file replaced by another. */
export type Mutant = {
  readonly name: string;
  /** What the guard is for. */
  readonly guards: string;
  /** The invariant that breaks without it. */
  readonly invariant: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
};

export type Mutation = { readonly file: string; apply(source: string): string };

/** The mutation of that name; undefined when none is asked for. Throws for an unknown name. */
export function mutationOf(name: string | undefined): Mutation | undefined {
  if (!name) return undefined;
  const mutant = MUTANTS.find((one) => one.name === name);
  if (!mutant) throw new Error(`there is no mutant "${name}": see "npm run mutants -- --list"`);
  return { file: mutant.file, apply: (source) => mutate(source, mutant) };
}

/** Throws when the guarded text is not there exactly once: then the code has moved on and the mutant must follow. */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(`mutant "${name}" finds its text ${parts.length - 1} times in ${file}: it must stand there once`);
  }
  return parts.join(replace);
}
