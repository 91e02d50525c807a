/** What goes wrong with one call. `taken`: the call has had its effect before it fails; `early`: it was not even read. */
export type Fault =
  | { type: 'answer'; status: number; description: string; parameters?: Record<string, unknown> }
  | { type: 'html'; status: number; taken?: boolean; early?: boolean }
  | { type: 'hang'; taken?: boolean }
  | { type: 'cut'; taken?: boolean };

/** Answers of the real Bot API, as it words them. */
export const faults = {
  tooMany: (seconds: number): Fault => ({
    type: 'answer',
    status: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  }),
  badGateway: { type: 'html', status: 502 },
  unauthorized: { type: 'answer', status: 401, description: 'Unauthorized' },
  notFound: { type: 'answer', status: 404, description: 'Not Found' },
  blocked: { type: 'answer', status: 403, description: 'Forbidden: bot was blocked by the user' },
  entities: { type: 'answer', status: 400, description: "Bad Request: can't parse entities: unsupported start tag" },
  migrated: (chatId: number): Fault => ({
    type: 'answer',
    status: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: chatId },
  }),
  hang: { type: 'hang' },
  cutBefore: { type: 'cut' },
  cutAfter: { type: 'cut', taken: true },
} satisfies Record<string, Fault | ((value: number) => Fault)>;

/** Faults that wait for their calls, by method; `file` is the download of a file. */
export class FaultList {
  private readonly planned = new Map<string, Fault[]>();

  /** The next `times` calls of the method go wrong. */
  plan(method: string, fault: Fault, times = 1): void {
    const list = this.planned.get(method) ?? [];
    this.planned.set(method, [...list, ...Array.from({ length: times }, () => fault)]);
  }

  next(method: string): Fault | null {
    return this.planned.get(method)?.shift() ?? null;
  }

  clear(): void {
    this.planned.clear();
  }
}
