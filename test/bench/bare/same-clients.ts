const PART =
  /node_modules\/(@aws-sdk\/(?:client-[a-z0-9-]+|lib-dynamodb))\/dist-es\/(?:commands\/)?([A-Z]\w*(?:Command|Client))\.js$/;

/**
 * Source of a handler that does nothing and holds the same clients and commands of the SDK as a bundle made of these files:
 * what the SDK alone costs at a cold start.
 */
export function sameClients(files: readonly string[]): string {
  const parts = files.flatMap((file) => {
    const [, from, name] = PART.exec(file) ?? [];
    return from && name ? [{ from, name }] : [];
  });
  // The document client has commands of the same names as the client below it.
  const named = parts.map(({ from, name }, index) => ({ from, name, alias: `${name}${index}` }));
  return [
    ...named.map(({ from, name, alias }) => `import { ${name} as ${alias} } from '${from}';`),
    `export const held = [${named.map(({ alias }) => alias).join(', ')}];`,
    'export const handler = async () => ({ statusCode: 200 });',
    '',
  ].join('\n');
}
