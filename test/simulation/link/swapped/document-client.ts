import { underneath } from '../current.ts';

const client = {
  send: (command: { readonly constructor: { readonly name: string }; readonly input: unknown }) =>
    underneath().aws('dynamodb', command),
};

export const documentClient = () => client;
