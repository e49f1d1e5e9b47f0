/** A partner's server as the simulated network sees it: one request in, one answer out, at an instant of virtual time. */
export type SimRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** epoch ms, virtual */
  readonly now: number;
};
export type SimResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
export interface PartnerServer {
  handle(request: SimRequest): SimResponse;
}
