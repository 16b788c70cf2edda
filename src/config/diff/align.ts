/** One step through two lists: an element that both have, or that one has. */
export type Step =
  | { readonly kind: 'both'; readonly a: number; readonly b: number }
  | { readonly kind: 'onlyA'; readonly a: number }
  | { readonly kind: 'onlyB'; readonly b: number };

/** Beyond this many comparisons lists are compared element by element: nobody reads such a difference. */
const LIMIT = 16_000_000;

/**
 * Walks through two lists so that as many elements as possible stand beside each other (longest common subsequence).
 *
 * @param same whether two elements are to stand beside each other
 */
export function align<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): Step[] {
  if (a.length * b.length > LIMIT) {
    return byIndex(a.length, b.length);
  }
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const equal = same(a[i] as T, b[j] as T);
      common[i * width + j] = equal ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(a[i] as T, b[j] as T) && at(i, j) === at(i + 1, j + 1) + 1) {
      steps.push({ kind: 'both', a: i++, b: j++ });
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ kind: 'onlyA', a: i++ });
    } else {
      steps.push({ kind: 'onlyB', b: j++ });
    }
  }
  return steps;
}

function byIndex(lengthA: number, lengthB: number): Step[] {
  return Array.from({ length: Math.max(lengthA, lengthB) }, (_, index): Step => {
    if (index >= lengthB) return { kind: 'onlyA', a: index };
    return index < lengthA ? { kind: 'both', a: index, b: index } : { kind: 'onlyB', b: index };
  });
}
