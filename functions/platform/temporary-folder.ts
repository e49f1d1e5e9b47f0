/** The one folder that a function may write to. Functions of a local run have theirs from the run. */
export const temporaryFolder = (): string => process.env.TMPDIR ?? '/tmp';
