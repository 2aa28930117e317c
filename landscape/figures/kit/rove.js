// Rove: cells by keyboard. Each panel of cells is one stop of the tab key; arrow keys go from cell to cell in it, which
// lights up as under a pointer and is read out.
//
// createRove(hooks) gives {attach(gd), detach(), dress()}. Hooks:
//   fields()                the panels of cells, see cells.js
//   say(cell)               what is said of a cell
//   light(cell)             told which has the keyboard, null for none
//   press(field, place), step(field, place, by)   told of Space or Enter, and of Plus or Minus

const BY = 0.25;
const RING = "outline: 3px solid #0072b2; outline-offset: -2px; box-shadow: 0 0 0 3px #fff;";

function createRove(hooks) {
  let gd = null;
  let known = null; // the fields that the elements are for
  let shape = "";
  let grids = []; // {field, box, cells, at}

  function make(field) {
    const box = document.createElement("div");
    box.setAttribute("role", "grid");
    box.style.cssText = "position: absolute; display: grid; pointer-events: none; z-index: 2;";
    box.style.gridTemplateColumns = `repeat(${field.columns}, 1fr)`;
    box.style.gridAutoRows = "1fr";
    const grid = { field, box, at: 0 };
    grid.cells = field.cells.map(() => {
      const cell = document.createElement("div");
      cell.setAttribute("role", "gridcell");
      return cell;
    });
    for (let k = 0; k < grid.cells.length; k += field.columns) {
      const row = document.createElement("div");
      row.setAttribute("role", "row");
      row.style.display = "contents";
      row.append(...grid.cells.slice(k, k + field.columns));
      box.append(row);
    }
    grid.cells.forEach((cell, place) => listen(grid, cell, place));
    return grid;
  }

  function listen(grid, cell, place) {
    cell.tabIndex = place === grid.at ? 0 : -1;
    cell.addEventListener("focus", () => {
      grid.cells[grid.at].tabIndex = -1;
      grid.at = place;
      cell.tabIndex = 0;
      cell.style.cssText = RING;
      cell.setAttribute("aria-label", hooks.say(grid.field.cells[place]));
      hooks.light(grid.field.cells[place]);
    });
    cell.addEventListener("blur", () => {
      cell.style.cssText = "";
      hooks.light(null);
    });
    cell.addEventListener("keydown", (event) => onKey(event, grid, place));
  }

  function onKey(event, grid, place) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { columns, cells: { length } } = grid.field;
    const [column, row] = [place % columns, Math.floor(place / columns)];
    const to = {
      ArrowLeft: column ? place - 1 : place, ArrowRight: column < columns - 1 ? place + 1 : place,
      ArrowUp: row ? place - columns : place, ArrowDown: place + columns < length ? place + columns : place,
      Home: row * columns, End: row * columns + columns - 1,
    }[event.key];
    const by = { "+": BY, "=": BY, "-": -BY, "−": -BY }[event.key];
    if (to !== undefined) grid.cells[to].focus({ preventScroll: true });
    else if (by) hooks.step(grid.field, place, by);
    else if (event.key === " " || event.key === "Enter") hooks.press(grid.field, place);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function put({ field, box }) {
    const across = axisOf(gd, field.panel);
    const up = axisOf(gd, across.anchor);
    const rows = field.cells.length / field.columns;
    const [left, right] = [across.d2p(-0.5), across.d2p(field.columns - 0.5)];
    const [top, bottom] = [up.d2p(rows - 0.5), up.d2p(-0.5)];
    const pixels = { left: across._offset + left, top: up._offset + top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(pixels)) box.style[name] = `${value.toFixed(1)}px`;
  }

  function label(fields) {
    fields.forEach((field, i) => {
      grids[i].field = field;
      grids[i].box.setAttribute("aria-label", field.title);
      field.cells.forEach((cell, place) => grids[i].cells[place].setAttribute("aria-label", hooks.say(cell)));
    });
    known = fields;
  }

  function clear() {
    for (const { box } of grids) box.remove();
    [grids, known, shape] = [[], null, ""];
  }

  return {
    attach(to) {
      gd = to;
    },
    detach() {
      clear();
      gd = null;
    },
    // Called whenever Plotly has drawn, or another stage is shown.
    dress() {
      const fields = hooks.fields() ?? [];
      const wanted = JSON.stringify(fields.map(({ panel, columns, cells }) => [panel, columns, cells.length]));
      if (wanted !== shape) {
        clear();
        shape = wanted;
        grids = fields.map(make);
      }
      if (fields !== known) label(fields);
      const place = gd.querySelector(".svg-container");
      for (const grid of grids) {
        if (grid.box.parentNode !== place) place.append(grid.box);
        put(grid);
      }
      const now = grids.find(({ box }) => box.contains(document.activeElement));
      if (now) hooks.light(now.field.cells[now.at]);
    },
  };
}
