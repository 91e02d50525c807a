/** The company and what it chooses at its setup. */

export const languages = ['pt-BR', 'en'] as const;
export type Language = (typeof languages)[number];

export const templates = ['internet-provider', 'software-house', 'shop', 'blank'] as const;
export type Template = (typeof templates)[number];

export interface Company {
  id: string;
  name: string;
  language: Language;
  /** IANA name, e.g. `America/Sao_Paulo`: dates are shown in it, not in the browser's zone. */
  timezone: string;
}
