// Draws the graph in place of the picture of the page: groups and some hundred works with cytoscape, laid out by
// dagre; the whole corpus, whose places the build has worked out, with sigma, or on a 2D canvas without WebGL.
(function () {
  "use strict";

  const figure = document.querySelector(".graph-figure");
  if (!figure) return;
  const words = JSON.parse(figure.dataset.words);
  const stage = figure.querySelector(".graph-stage");
  const box = figure.querySelector(".graph-canvas");
  const card = figure.querySelector(".graph-card");
  const note = figure.querySelector(".graph-note");
  const number = new Intl.NumberFormat(document.documentElement.lang);

  const READABLE = 0.66;
  const ROW = 30;

  // A node as graph.json tells it.
  const [ID, LABEL, LEVEL, TYPE, PROVINCE, ISSUER, YEAR, HELD, COUNT, X, Y, HREF] = [...Array(12).keys()];

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(name).trim();
    return {
      levels: [0, 1, 2, 3, 4].map((level) => get("--l" + level)),
      edge: get("--edge"),
      ink: get("--ink"),
      soft: get("--soft"),
      paper: get("--paper"),
      focus: get("--focus"),
      font: get("--sans"),
    };
  }

  // A colour of which `share` is left on the paper; WebGL blends see-through colours otherwise than the page does.
  function mix(colour, paper, share) {
    const parts = (text) => {
      const digits = text.length === 4 ? [...text.slice(1)].map((c) => c + c).join("") : text.slice(1, 7);
      return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
    };
    const under = parts(paper);
    const mixed = parts(colour).map((part, at) => Math.round(part * share + under[at] * (1 - share)));
    return "#" + mixed.map((part) => part.toString(16).padStart(2, "0")).join("");
  }

  function hasWebGL() {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("webgl2") || canvas.getContext("webgl");
    const lost = context && context.getExtension("WEBGL_lose_context");
    if (lost) lost.loseContext();
    return Boolean(context);
  }

  // Who is linked to whom, by the places of the nodes.
  function neighbours(data) {
    const near = data.nodes.map(() => []);
    data.links.forEach((link, place) => {
      near[link[0]].push(place);
      if (link[1] !== link[0]) near[link[1]].push(place);
    });
    return near;
  }

  function radius(node, most, small, large) {
    return small + (large - small) * Math.sqrt(Math.max(node[COUNT], 0) / most);
  }

  function most(data) {
    return data.nodes.reduce((found, node) => Math.max(found, node[COUNT]), 1);
  }

  // ---- the card of a node -------------------------------------------------------------------------------------

  function element(tag, text, attributes) {
    return Object.assign(document.createElement(tag), { textContent: text }, attributes || {});
  }

  function showCard(data, place) {
    const node = data.nodes[place];
    const parts = [data.terms[node[TYPE]], data.levels[node[LEVEL]], data.terms[node[PROVINCE]], node[YEAR]];
    const isGroup = data.view === "groups";
    const close = element("button", "×", { type: "button" });
    close.setAttribute("aria-label", words.close);
    close.addEventListener("click", () => picked(null));
    const links = element("p", "", { className: "links" });
    links.append(element("a", isGroup ? words.inside : words.open, { href: node[HREF] || figure.dataset.work + node[ID] }));
    if (!isGroup) {
      links.append(
        element("a", words.around, { href: figure.dataset.graph + "?view=works&work=" + encodeURIComponent(node[ID]) }),
      );
    }
    const held = isGroup
      ? number.format(node[COUNT]) + " " + words.works
      : number.format(node[COUNT]) + " " + words.links + " · " + (node[HELD] ? words.held : words.cited);
    card.replaceChildren(
      close,
      element("h3", node[LABEL]),
      element("p", parts.filter(Boolean).join(" · ")),
      ...(data.terms[node[ISSUER]] ? [element("p", data.terms[node[ISSUER]])] : []),
      element("p", held),
      links,
    );
    card.hidden = false;
  }

  let drawing = null;
  let drawn = null;

  function picked(place) {
    if (place === null) card.hidden = true;
    else showCard(drawn, place);
    drawing.pick(place);
  }

  // ---- groups and some hundred works --------------------------------------------------------------------------

  function withCytoscape(data) {
    const top = most(data);
    const heaviest = data.links.reduce((found, link) => Math.max(found, link[3]), 1);
    const dense = data.nodes.length > 80;
    const elements = [
      ...data.nodes.map((node, place) => ({
        data: { id: "n" + place, label: short(node[LABEL], data), size: 2 * radius(node, top, 6, 20), level: node[LEVEL] },
        classes: node[HELD] ? "held" : "cited",
      })),
      ...data.links
        .filter((link) => link[0] !== link[1])
        .map((link) => ({
          data: {
            source: "n" + link[0],
            target: "n" + link[1],
            width: heaviest > 1 ? 0.8 + 3.2 * Math.sqrt(link[3] / heaviest) : 1,
          },
        })),
    ];
    const cy = window.graphLibs.cytoscape({
      container: box,
      elements,
      style: cytoscapeStyle(dense, data.links.length),
      minZoom: 0.03,
      maxZoom: 4,
      boxSelectionEnabled: false,
      autoungrabify: false,
      layout: {
        name: "dagre",
        rankDir: "RL",
        ranker: dense ? "longest-path" : "tight-tree",
        nodeSep: dense ? 12 : 26,
        rankSep: dense ? 260 : 220,
        edgeSep: 4,
        animate: false,
        fit: true,
        padding: 30,
      },
    });
    fitted(cy, data);
    cy.on("tap", "node", (event) => picked(Number(event.target.id().slice(1))));
    cy.on("tap", (event) => event.target === cy && picked(null));
    cy.on("mouseover", "node", () => box.classList.add("on-node"));
    cy.on("mouseout", "node", () => box.classList.remove("on-node"));
    return {
      name: "cytoscape",
      cy,
      fit: () => cy.fit(undefined, 30),
      zoom: (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
      repaint: () => cy.style(cytoscapeStyle(dense, data.links.length)),
      pick(place) {
        cy.elements().removeClass("far near here");
        if (place === null) return;
        const node = cy.$id("n" + place);
        const near = node.closedNeighborhood();
        cy.elements().not(near).addClass("far");
        near.addClass("near");
        node.addClass("here");
      },
      look(place) {
        cy.animate({ center: { eles: cy.$id("n" + place) }, zoom: Math.max(cy.zoom(), 1) }, { duration: 0 });
      },
    };
  }

  // Where the layers of dagre are too many or too long to read, each level of government gets a block of columns, its
  // nodes in the order that dagre found.
  function fitted(cy, data) {
    cy.fit(undefined, 30);
    if (cy.zoom() >= READABLE) return;
    const blocks = [[], [], [], [], []];
    cy.nodes().forEach((node) => blocks[node.data("level")].push(node));
    const used = blocks.filter((block) => block.length);
    const longest = data.nodes.reduce((found, node) => Math.max(found, short(node[LABEL], data).length), 8);
    const width = Math.min(250, 36 + longest * 6.6);
    const shape = box.clientWidth / box.clientHeight;
    const rows = Math.max(6, Math.ceil(Math.sqrt((data.nodes.length * width + used.length * 70) / (shape * ROW))));
    let left = 0;
    for (const block of used) {
      block.sort((one, other) => one.position("y") - other.position("y") || one.position("x") - other.position("x"));
      const columns = Math.ceil(block.length / rows);
      const each = Math.ceil(block.length / columns);
      block.forEach((node, at) => {
        const column = Math.floor(at / each);
        const inColumn = Math.min(each, block.length - column * each);
        node.position({ x: left + column * width, y: ((at % each) - (inColumn - 1) / 2) * ROW });
      });
      left += columns * width + 70;
    }
    const tall = Math.max(...cy.nodes().map((node) => node.position("y"))) * 2 + ROW;
    const stretch = Math.min(1.9, Math.max(1, left / shape / tall));
    cy.nodes().forEach((node) => node.position("y", node.position("y") * stretch));
    cy.fit(undefined, 30);
    const least = box.clientWidth < 600 ? 0.7 : 0.4;
    if (cy.zoom() < least) {
      const all = cy.elements().boundingBox();
      const high = (all.y2 - all.y1) * least > box.clientHeight;
      cy.zoom(least);
      cy.pan({
        x: 16 - all.x1 * least,
        y: high ? 16 - all.y1 * least : box.clientHeight / 2 - ((all.y1 + all.y2) / 2) * least,
      });
    }
  }

  function short(label, data) {
    return data.view === "groups" || label.length < 34 ? label : label.slice(0, 33) + "…";
  }

  function cytoscapeStyle(dense, links) {
    const c = colours();
    return [
      {
        selector: "node",
        style: {
          width: "data(size)",
          height: "data(size)",
          "border-width": 2.2,
          "background-color": c.paper,
          "border-color": (node) => c.levels[node.data("level")],
          label: "data(label)",
          "font-family": c.font,
          "font-size": dense ? 11 : 13,
          "min-zoomed-font-size": 7,
          color: c.ink,
          "text-valign": "center",
          "text-halign": "right",
          "text-margin-x": 5,
          "text-background-color": c.paper,
          "text-background-opacity": 0.8,
          "text-background-padding": 1,
        },
      },
      { selector: "node.held", style: { "background-color": (node) => c.levels[node.data("level")] } },
      {
        selector: "edge",
        style: {
          width: "data(width)",
          "line-color": c.edge,
          "target-arrow-color": c.edge,
          "target-arrow-shape": "triangle",
          "arrow-scale": 0.8,
          "curve-style": "bezier",
          opacity: links > 400 ? 0.16 : dense ? 0.35 : 0.65,
        },
      },
      { selector: ".far", style: { opacity: 0.12 } },
      { selector: "edge.near", style: { opacity: 1, "line-color": c.focus, "target-arrow-color": c.focus } },
      { selector: "node.here", style: { "border-color": c.focus, "border-width": 4 } },
    ];
  }

  // ---- the whole corpus, with WebGL ---------------------------------------------------------------------------

  function withSigma(data) {
    const { MultiDirectedGraph, Sigma } = window.graphLibs;
    const near = neighbours(data);
    const top = most(data);
    let c = colours();
    let here = null;
    let lit = new Set();
    const graph = new MultiDirectedGraph();
    data.nodes.forEach((node, place) =>
      graph.addNode(place, { x: node[X], y: -node[Y], size: radius(node, top, sizeFor(data), 9), label: node[LABEL] }),
    );
    data.links.forEach((link, place) => graph.addEdgeWithKey(place, link[0], link[1], { size: 0.5 }));
    const sigma = new Sigma(graph, box, {
      labelFont: c.font,
      labelSize: 12,
      labelColor: { color: c.ink },
      labelRenderedSizeThreshold: 7,
      labelDensity: 0.6,
      hideEdgesOnMove: data.links.length > 20000,
      minCameraRatio: 0.004,
      maxCameraRatio: 3,
      stagePadding: 24,
      allowInvalidContainer: true, // a printed page hides the stage
      zIndex: true,
      defaultDrawNodeHover: (context, item, settings) => hover(context, item, settings, c),
      nodeReducer(key, item) {
        const place = Number(key);
        const colour = c.levels[data.nodes[place][LEVEL]];
        if (here === null) return { ...item, color: data.nodes[place][HELD] ? colour : mix(colour, c.paper, 0.5) };
        if (place === here) return { ...item, color: c.focus, size: item.size + 3, zIndex: 3, forceLabel: true };
        if (lit.has(place)) return { ...item, color: colour, zIndex: 2, forceLabel: lit.size < 40 };
        return { ...item, color: mix(c.edge, c.paper, 0.3), label: null, zIndex: 0 };
      },
      edgeReducer(key, item) {
        const link = data.links[Number(key)];
        if (here === null) return { ...item, color: mix(c.edge, c.paper, faint(data)) };
        if (link[0] === here || link[1] === here) return { ...item, color: c.focus, size: 1.4, zIndex: 2 };
        return { ...item, hidden: true };
      },
    });
    sigma.on("clickNode", ({ node }) => picked(Number(node)));
    sigma.on("clickStage", () => picked(null));
    sigma.on("enterNode", () => box.classList.add("on-node"));
    sigma.on("leaveNode", () => box.classList.remove("on-node"));
    const labels = places(data, ([x, y]) => sigma.graphToViewport({ x, y: -y }));
    sigma.on("afterRender", labels);
    window.requestAnimationFrame(labels);
    new ResizeObserver(() => box.clientWidth && sigma.refresh({ skipIndexation: true })).observe(box);
    const camera = sigma.getCamera();
    return {
      name: "sigma",
      sigma,
      fit: () => camera.animatedReset({ duration: 200 }),
      zoom: (by) => (by > 1 ? camera.animatedZoom({ duration: 150 }) : camera.animatedUnzoom({ duration: 150 })),
      repaint() {
        c = colours();
        sigma.setSetting("labelColor", { color: c.ink });
        sigma.refresh();
      },
      pick(place) {
        here = place;
        lit = new Set(place === null ? [] : near[place].flatMap((link) => data.links[link].slice(0, 2)));
        sigma.refresh({ skipIndexation: true });
      },
      look(place) {
        const at = sigma.getNodeDisplayData(String(place));
        camera.animate({ x: at.x, y: at.y, ratio: Math.min(camera.ratio, 0.12) }, { duration: 300 });
      },
    };
  }

  function sizeFor(data) {
    return data.nodes.length > 5000 ? 1.3 : data.nodes.length > 500 ? 2.2 : 3.5;
  }

  function faint(data) {
    return data.links.length > 20000 ? 0.16 : data.links.length > 2000 ? 0.3 : 0.5;
  }

  function hover(context, item, settings, c) {
    context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
    const width = item.label ? context.measureText(item.label).width : 0;
    context.fillStyle = c.paper;
    context.strokeStyle = c.focus;
    context.beginPath();
    context.roundRect(item.x - item.size - 4, item.y - 11, width + 2 * item.size + 16, 22, 6);
    context.fill();
    context.stroke();
    context.fillStyle = item.color;
    context.beginPath();
    context.arc(item.x, item.y, item.size, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = c.ink;
    if (item.label) context.fillText(item.label, item.x + item.size + 5, item.y + 4);
  }

  // The names of the discs, over the picture; one that would lie on another is left out.
  function places(data, toView) {
    const layer = element("div", "", { className: "graph-names" });
    layer.setAttribute("aria-hidden", "true");
    box.append(layer);
    const tags = [...data.places]
      .sort((one, other) => other[3] - one[3])
      .map((place) => {
        const tag = element("span", place[0] + " ");
        tag.append(element("small", number.format(place[3])));
        layer.append(tag);
        return { place, tag, width: tag.offsetWidth, height: tag.offsetHeight };
      });
    return function lay() {
      const taken = [];
      for (const { place, tag, width, height } of tags) {
        const at = toView([place[1], place[2]]);
        const left = at.x - width / 2;
        const upper = at.y - height - 5;
        const clash = taken.some((o) => left < o[0] + o[2] && o[0] < left + width && upper < o[1] + o[3] && o[1] < upper + height);
        tag.style.visibility = clash ? "hidden" : "visible";
        tag.style.transform = `translate(${Math.round(left)}px, ${Math.round(upper)}px)`;
        if (!clash) taken.push([left, upper, width, height]);
      }
    };
  }

  // ---- the whole corpus, without WebGL ------------------------------------------------------------------------

  function withCanvas(data) {
    const near = neighbours(data);
    const top = most(data);
    const canvas = element("canvas", "", { className: "map" });
    box.append(canvas);
    const context = canvas.getContext("2d");
    let c = colours();
    let view = { scale: 1, x: 0, y: 0 };
    let here = null;
    let waiting = 0;
    const toView = ([x, y]) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y });
    const labels = places(data, toView);
    const grid = new Map();
    data.nodes.forEach((node, place) => {
      const key = Math.floor(node[X] / 8) + ":" + Math.floor(node[Y] / 8);
      if (!grid.has(key)) grid.set(key, []);
      grid.get(key).push(place);
    });

    function size(node) {
      return radius(node, top, sizeFor(data), 9) * Math.min(2.5, Math.max(0.75, Math.sqrt(view.scale / 6)));
    }

    function fit() {
      const xs = data.nodes.map((node) => node[X]);
      const ys = data.nodes.map((node) => node[Y]);
      const low = [xs.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.min(a, b))];
      const high = [xs.reduce((a, b) => Math.max(a, b)), ys.reduce((a, b) => Math.max(a, b))];
      const width = Math.max(high[0] - low[0], 1);
      const height = Math.max(high[1] - low[1], 1);
      const scale = Math.min((box.clientWidth - 60) / width, (box.clientHeight - 60) / height, 60);
      view = {
        scale,
        x: box.clientWidth / 2 - ((low[0] + high[0]) / 2) * scale,
        y: box.clientHeight / 2 - ((low[1] + high[1]) / 2) * scale,
      };
      paintSoon();
    }

    function lines(links, colour, width) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const link of links) {
        const [one, other] = [data.nodes[link[0]], data.nodes[link[1]]];
        context.moveTo(one[X] * view.scale + view.x, one[Y] * view.scale + view.y);
        context.lineTo(other[X] * view.scale + view.x, other[Y] * view.scale + view.y);
      }
      context.stroke();
    }

    function paint() {
      waiting = 0;
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [box.clientWidth, box.clientHeight];
      if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
        canvas.width = width * ratio;
        canvas.height = height * ratio;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      const lit = here === null ? null : new Set(near[here].flatMap((link) => data.links[link].slice(0, 2)));
      if (here === null) lines(data.links, mix(c.edge, c.paper, faint(data)), 0.7);
      else lines(near[here].map((link) => data.links[link]), c.focus, 1.4);
      data.nodes.forEach((node, place) => {
        const at = toView([node[X], node[Y]]);
        if (at.x < -20 || at.y < -20 || at.x > width + 20 || at.y > height + 20) return;
        const colour = c.levels[node[LEVEL]];
        context.fillStyle = place === here ? c.focus : lit && !lit.has(place) ? mix(c.edge, c.paper, 0.3) : node[HELD] ? colour : mix(colour, c.paper, 0.5);
        context.beginPath();
        context.arc(at.x, at.y, size(node) + (place === here ? 3 : 0), 0, 2 * Math.PI);
        context.fill();
      });
      write(lit, width, height);
      labels();
    }

    function write(lit, width, height) {
      context.font = `12px ${c.font}`;
      context.fillStyle = c.ink;
      const named = lit && lit.size < 40 ? [...lit] : here !== null ? [here] : [];
      const close = view.scale > 22 ? data.nodes.map((_, place) => place) : [];
      for (const place of new Set([...named, ...close])) {
        const at = toView([data.nodes[place][X], data.nodes[place][Y]]);
        if (at.x > 0 && at.y > 0 && at.x < width && at.y < height) {
          context.fillText(data.nodes[place][LABEL], at.x + size(data.nodes[place]) + 3, at.y + 4);
        }
      }
    }

    function paintSoon() {
      if (!waiting) waiting = window.requestAnimationFrame(paint);
    }

    function zoomAt(by, x, y) {
      const scale = Math.min(400, Math.max(0.05, view.scale * by));
      view = { scale, x: x - ((x - view.x) * scale) / view.scale, y: y - ((y - view.y) * scale) / view.scale };
      paintSoon();
    }

    function at(event) {
      const frame = canvas.getBoundingClientRect();
      return [event.clientX - frame.left, event.clientY - frame.top];
    }

    function under(event) {
      const [x, y] = at(event);
      const [gx, gy] = [(x - view.x) / view.scale, (y - view.y) / view.scale];
      let best = null;
      let reach = Math.max(10 / view.scale, 0.6);
      for (let i = -1; i <= 1; i += 1) {
        for (let j = -1; j <= 1; j += 1) {
          for (const place of grid.get(Math.floor(gx / 8) + i + ":" + (Math.floor(gy / 8) + j)) || []) {
            const distance = Math.hypot(data.nodes[place][X] - gx, data.nodes[place][Y] - gy);
            if (distance < reach) [best, reach] = [place, distance];
          }
        }
      }
      return best;
    }

    const fingers = new Map();
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, at(event));
      moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      const now = at(event);
      if (!before) {
        box.classList.toggle("on-node", under(event) !== null);
        return;
      }
      const other = [...fingers.entries()].find(([id]) => id !== event.pointerId);
      if (other) {
        const apart = (p) => Math.hypot(p[0] - other[1][0], p[1] - other[1][1]);
        zoomAt(apart(now) / Math.max(apart(before), 1), (now[0] + other[1][0]) / 2, (now[1] + other[1][1]) / 2);
      } else {
        view = { ...view, x: view.x + now[0] - before[0], y: view.y + now[1] - before[1] };
        paintSoon();
      }
      moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
      fingers.set(event.pointerId, now);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        fingers.delete(event.pointerId);
        if (end === "pointerup" && moved < 5) picked(under(event));
      });
    }
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoomAt(Math.exp(-event.deltaY / 400), ...at(event));
    }, { passive: false });
    new ResizeObserver(paintSoon).observe(box);
    fit();
    return {
      name: "canvas",
      fit,
      toView: (place) => toView([data.nodes[place][X], data.nodes[place][Y]]),
      zoom: (by) => zoomAt(by, box.clientWidth / 2, box.clientHeight / 2),
      repaint() {
        c = colours();
        paintSoon();
      },
      pick(place) {
        here = place;
        paintSoon();
      },
      look(place) {
        const scale = Math.max(view.scale, 24);
        const node = data.nodes[place];
        view = { scale, x: box.clientWidth / 2 - node[X] * scale, y: box.clientHeight / 2 - node[Y] * scale };
        paintSoon();
      },
    };
  }

  // ---- what all pictures have ---------------------------------------------------------------------------------

  function tools(data) {
    const bar = figure.querySelector(".graph-tools");
    bar.hidden = false;
    for (const button of bar.querySelectorAll("button")) {
      const does = { in: () => drawing.zoom(1.4), out: () => drawing.zoom(1 / 1.4), fit: () => drawing.fit() };
      button.addEventListener("click", does[button.dataset.do]);
    }
    const field = bar.querySelector("input");
    const list = bar.querySelector("datalist");
    const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
    const names = data.nodes.map((node) => fold([node[LABEL], data.terms[node[ISSUER]]].join(" ")));
    const full = (place) => [data.nodes[place][LABEL], data.terms[data.nodes[place][ISSUER]]].filter(Boolean).join(" · ");
    const matching = (text) => {
      const found = [];
      for (let place = 0; text && place < names.length && found.length < 12; place += 1) {
        if (names[place].includes(text)) found.push(place);
      }
      return found;
    };
    const go = (place) => {
      picked(place);
      drawing.look(place);
    };
    field.addEventListener("input", () => {
      const exact = data.nodes.findIndex((_, place) => full(place) === field.value);
      if (exact >= 0) return go(exact);
      const found = matching(fold(field.value.trim()));
      list.replaceChildren(...found.map((place) => Object.assign(document.createElement("option"), { value: full(place) })));
    });
    field.addEventListener("keydown", (event) => {
      const [first] = event.key === "Enter" ? matching(fold(field.value.trim())) : [];
      if (first !== undefined) go(first);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && !card.hidden && picked(null));
  }

  function draw(data) {
    drawn = data;
    stage.hidden = false;
    if (data.view !== "whole") drawing = withCytoscape(data);
    else if (hasWebGL()) drawing = withSigma(data);
    else {
      drawing = withCanvas(data);
      note.textContent = words.canvas;
    }
    box.classList.add("grab");
    tools(data);
    figure.classList.add("graph-drawn");
    figure.dataset.drawn = drawing.name;
    figure.drawing = drawing;
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawing.repaint());
  }

  function failed(fault) {
    stage.hidden = true;
    figure.classList.remove("graph-drawn");
    figure.dataset.drawn = "failed";
    figure.querySelector(".graph-tools").hidden = false;
    note.textContent = words.failed;
    window.console.error(fault);
  }

  fetch(figure.dataset.src, { credentials: "same-origin" })
    .then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    })
    .then(draw)
    .catch(failed);
})();
