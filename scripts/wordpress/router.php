<?php
// What a web server's rewrite rules do for WordPress: real files as they are, everything else to index.php.
$root = realpath(__DIR__ . '/wordpress');
$file = realpath($root . rawurldecode(strtok($_SERVER['REQUEST_URI'], '?')));
if ($file && is_dir($file)) {
    $file = realpath("$file/index.php");
}
if (!$file || !is_file($file) || !str_starts_with($file, "$root/")) {
    $file = "$root/index.php";
} elseif (!str_ends_with($file, '.php')) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr($file, strlen($root));
$_SERVER['SCRIPT_FILENAME'] = $file;
chdir(dirname($file));
require $file;
