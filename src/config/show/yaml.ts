import type { Tree } from './tree';

/**
 * A tree as YAML 1.2. All texts are in double quotes: nothing turns into a number, a date or a boolean on the way, in
 * readers of YAML 1.1 neither. Lists of scalars stand on a line.
 */
export async function formatYaml(tree: Tree): Promise<string> {
  const { Document, isCollection, isSeq, visit } = await import('yaml');
  const document = new Document(tree, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node) {
      if (isSeq(node)) node.flow = !node.items.some(isCollection);
    },
  });
  return document.toString({
    defaultKeyType: 'PLAIN',
    defaultStringType: 'QUOTE_DOUBLE',
    flowCollectionPadding: false,
    lineWidth: 0,
  });
}
