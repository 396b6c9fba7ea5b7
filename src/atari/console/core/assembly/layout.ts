// Where everything lies in the one memory of a console. The RIOT's RAM is at its own addresses 0x80 to 0xFF.

/** Processor, RIOT, cartridge and frame state: one i32 each. */
export const STATE: usize = 0x100;
export const LIVE: usize = 0x300;
export const LENGTHS: usize = 0x800;
export const REVERSED: usize = 0x900;
export const PAIRS: usize = 0xa00;
export const QUADRUPLED: usize = 0xc00;
export const MOTION: usize = 0x1000;
export const SCRATCH: usize = 0x1600;
/** A 4 KiB image of the cartridge's address space, for schemes that map it in slices. */
export const WINDOW: usize = 0x2000;
export const CARTRIDGE_RAM: usize = 0x3800;
/** Two pictures of at most 300 lines, drawn in turn. */
export const PICTURE: usize = 0x10000;
export const PICTURE_SIZE: usize = 0xc000;
/** Three logs of register writes: this frame's, the last one's and the one's before. */
export const LOG: usize = 0x28000;
export const LOG_HEADER: usize = 0x200;
export const LOG_ENTRIES: i32 = 0x3000;
export const LOG_SIZE: usize = 0xc200;
/** Entry n is n: the table of a picture of palette numbers. */
export const IDENTITY: usize = 0x1900;
/** A picture through a table of 256 bytes; the host's table, and the one that the picture was made with. */
export const WANTED_TABLE: usize = 0x1a00;
export const TABLE: usize = 0x1800;
export const TRANSLATED: usize = 0x4d000;
export const ROM: usize = 0x60000;
