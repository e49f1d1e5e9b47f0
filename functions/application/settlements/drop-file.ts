import { fingerprint } from '#core/kernel/fingerprint.ts';

/** A file as it lies in the drop: `settlements/<channel>/<account>/<format>/<file>`. */
export type DropFile = {
  readonly key: string;
  readonly channel: string;
  readonly account: string;
  readonly format: string;
  readonly name: string;
};

const PREFIX = 'settlements/';
const KEY = /^settlements\/([a-z][a-z0-9-]{0,30})\/([a-z0-9][a-z0-9-]{0,30})\/([a-z][a-z0-9-]{0,30})\/([^/]{1,200})$/;

/** What a key of the drop says; undefined when it follows another form. */
export function dropFileOf(key: string): DropFile | undefined {
  const [, channel, account, format, name] = KEY.exec(key) ?? [];
  return channel && account && format && name ? { key, channel, account, format, name } : undefined;
}

export const dropKey = ({ channel, account, format, name }: Omit<DropFile, 'key'>): string =>
  `${PREFIX}${channel}/${account}/${format}/${name}`;

/** Subject of the cases of a channel account's files. */
export const dropSubject = ({ channel, account }: Pick<DropFile, 'channel' | 'account'>): string =>
  `DROP#${channel}#${account}`;

/**
 * The code of a file's case. Names come from outside, so only what is harmless in a key is kept of them, for people; the
 * fingerprint of the whole key tells apart files that look alike then, and those of one name in two formats.
 */
export function refusedFileCode(place: Omit<DropFile, 'key'>): string {
  const harmless = place.name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 60);
  return `SETTLEMENT_REFUSED#${harmless}-${fingerprint(dropKey(place)).slice(0, 8)}`;
}
