/** All rows of a list, page after page: `for await (const order of pages(async (cursor) => data(…)))`. */
export async function* pages<Row>(
  read: (cursor: string | undefined) => Promise<{ results: Row[]; next_cursor: string | null }>,
): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.results;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
