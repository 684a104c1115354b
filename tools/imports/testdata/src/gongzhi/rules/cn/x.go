package cn
