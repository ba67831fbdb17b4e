/** Arrays that hold something per actor grow in steps: to how many actors, when one more is met than they have room for. */
export const roomFor = (actors: number, room: number): number => Math.max(actors, Math.ceil(room * 1.5), 64)

/** The larger array, with what the old one holds at its front. */
export function grown<T extends Float64Array | Float32Array | Int32Array | Uint16Array | Uint8Array>(
  old: T,
  array: T,
): T {
  array.set(old)
  return array
}
