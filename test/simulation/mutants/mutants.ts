import { MUTANTS } from './catalogue.ts';

/** One text of one file replaced by another. */
export type Edit = { readonly file: string; readonly find: string; readonly replace: string };

/** A guard of the shipped code taken out; several edits where one guard stands behind another. */
export type Mutant = {
  readonly name: string;
  /** What the guard is for. */
  readonly guards: string;
  /** The invariant that breaks without it. */
  readonly invariant: string;
  /** The one workload in which what it guards comes up; hunted in all of them when left out. */
  readonly workload?: string;
  /** The run that found its being missing, where the guard was once a bug: the code as it was then is what the mutant brings back. */
  readonly foundBy?: string;
  readonly edits: readonly Edit[];
};

/** The mutant of that name; undefined when none is asked for. Throws for an unknown name. */
export function mutantNamed(name: string | undefined): Mutant | undefined {
  if (!name) return undefined;
  const mutant = MUTANTS.find((one) => one.name === name);
  if (!mutant) throw new RangeError(`there is no mutant "${name}": see "npm run mutants -- --list"`);
  return mutant;
}

/** A file's text with the guard taken out. Throws when a guarded text is not there exactly once: the mutant must follow the code. */
export function mutate(source: string, file: string, { name, edits }: Mutant): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((text, { find, replace }) => {
      const parts = text.split(find);
      if (parts.length === 2) return parts.join(replace);
      throw new Error(`mutant "${name}" finds its text ${parts.length - 1} times in ${file}: it must stand there once`);
    }, source);
}
