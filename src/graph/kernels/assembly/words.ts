/** The words of an instruction: numbers, or addresses in the memory. */

// @ts-ignore: decorator
@inline
export function word(at: usize, index: i32): i32 {
  return load<i32>(at + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
export function address(at: usize, index: i32): usize {
  return <usize>load<u32>(at + (<usize>index << 2));
}
