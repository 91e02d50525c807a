import type { FastifyBaseLogger } from 'fastify';
import type { Template } from '#shared/company.ts';
import type { Desk } from '../desk/desk.ts';
import type { Front, SignedIn } from '../desk/front/front.ts';
import type { Media } from '../media/media.ts';
import type { Paces } from '../pace.ts';
import type { SimulatorLine } from '../simulator-line.ts';

/** What the HTTP edge is handed. */
export interface HttpMeans {
  front: Front;
  publicUrl: string | null;
  trustProxy: string[];
  paces: Paces;
  logger: FastifyBaseLogger;
  /** Folder of the built console and widget. */
  dist: string;
  deskOf(companyId: string): Promise<Desk>;
  simulator: SimulatorLine;
  media: Media;
  /** What follows a finished setup: channels connect, the first customers write. */
  welcome(signedIn: SignedIn, template: Template, sampleData: boolean): Promise<void>;
  /** Whether the database answers now. */
  healthy(): Promise<boolean>;
  /** Whether this error is the database being away. */
  isAway(error: unknown): boolean;
}
