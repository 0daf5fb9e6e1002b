// What the page of the graph needs of other people's code; datasette_plugins/desk/static/graph.js uses it.
import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";

cytoscape.use(dagre);
window.graphLibs = { cytoscape, MultiDirectedGraph, Sigma };
