/** Names of bank-switching schemes, as Stella and its property files call them. */
export const CARTRIDGE_TYPES = [
  '2K',
  '4K',
  'F8',
  'F8SC',
  'F6',
  'F6SC',
  'F4',
  'F4SC',
  'FASC',
  'E0',
  'E7',
  'FE',
  '3F',
  'UA',
  'CV',
  'DPC',
] as const;

export type CartridgeType = (typeof CARTRIDGE_TYPES)[number];
