export default function (component) {
  const { ready } = library();
  ready.then(({ mount }) => mount(component));
  return () => ready.then(({ unmount }) => unmount(component.parentElement));
}
