/** Blessed's own file for all widgets loads each of them, and some that only work with packages that are not here. */
declare module 'blessed/lib/widgets/screen' {
  import type { Widgets } from 'blessed';
  const Screen: new (options: Widgets.IScreenOptions) => Widgets.Screen;
  export = Screen;
}

declare module 'blessed/lib/widgets/box' {
  import type { Widgets } from 'blessed';
  const Box: new (options: Widgets.BoxOptions) => Widgets.BoxElement;
  export = Box;
}
