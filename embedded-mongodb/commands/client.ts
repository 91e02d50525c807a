/** What commands know of the connection that they came by. */
export interface Client {
  readonly id: number;
  readonly address: string;
  /** The name that its first `hello` gave. */
  appName: string | null;
  /** Set by a fail point: the answer to the command is lost with the connection. */
  closing: boolean;
}
