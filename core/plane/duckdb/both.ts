/** Two pieces of work at once, both to their end: nothing goes on any more when the error of one is thrown. */
export async function both<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  await Promise.allSettled([first, second])
  return Promise.all([first, second])
}
